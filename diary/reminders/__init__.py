"""What happens at its own time.

How a reminder travels:
  its person agrees: `reminding` (hours, pause), `reminders` (one thing, of one of the `kinds`), `risks` (an offer)
  its row holds when it rings next: `rows`, reckoned by `moments`; what waits for something to happen is set by `news`
  the `scheduler` ticks and goes round (`rounds`): what came due becomes an occurrence (`due`), unless it is `done`
  a delivery per device (`deliveries`), claimed and sent (`sending`, minding `hosts`): a sentence of `said`, by `push`
  to where `devices` live (`endpoints` says where that may be); what does not arrive goes by mail (`fallback`)
  what came stands in the app, and is answered there (`occurrences`)
"""
