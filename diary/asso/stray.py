"""What people type that is about no situation. It is one more thing to recognise, and then there is no guess.

A parent who is spent speaks of no situation either: then no sentence to say, but people and rest.
"""

LINES = {
    "nl": """
        hallo, hoi, dag, hey, goeiemorgen, goedenavond, tot morgen, tot straks, bedankt, dank je wel, graag
        gedaan, test, dit is een test, testen, probeer, ok, oké, ja, nee, help, hoe werkt dit, hoe gaat het,
        wat is dit, info, wachtwoord vergeten, instellingen, inloggen, zoeken, menu, melk, boter, kaas,
        eieren, koffie, suiker, bloem, rijst, appels, bananen, peren, sla, prei, wortelen, ajuinen, tomaten,
        gehakt, kip, wasmiddel, afwasmiddel, vuilzakken, keukenrol, shampoo, luierdoekjes, brood halen,
        boodschappen doen, naar de winkel, bakker, een kilo, twee liter, pak, blik, fles, doos, mooi weer
        vandaag, het regent, morgen wordt het zonnig met wolken, afspraak tandarts, de trein van acht uur,
        de bus, factuur betalen, rekening, belastingen, offerte, verzekering, recept,
        ik kan niet meer, ik kan er niet meer tegen, ik weet het niet meer, ik weet niet meer wat ik moet doen,
        ik ben op, ik ben helemaal op, ik ben moe, ik trek het niet meer, ik trek dit niet, ik hou het niet meer
        vol, ik houd het niet vol, het wordt me te veel, ik zit erdoorheen, ik zie het niet meer zitten, ik ben
        een slechte moeder, ik ben een slechte vader, ik wil niet meer, niks helpt, niets werkt""",
    "en": """
        hello, hi, hey, good morning, good evening, goodbye, thanks, thank you, test, this is a test,
        testing, ok, yes, no, help, how does this work, how are you, what is this, info, forgot password,
        settings, log in, search, menu, milk, butter, cheese, eggs, coffee, sugar, flour, rice, apples,
        bananas, pears, lettuce, carrots, onions, tomatoes, mince, chicken, detergent, bin bags, kitchen
        roll, shampoo, wipes, get bread, shopping, to the shop, bakery, a kilo, two litres, pack, tin,
        bottle, box, nice weather today, it rains, sunny tomorrow with clouds, dentist appointment, the
        eight o'clock train, the bus, pay the bill, invoice, taxes, insurance, recipe, i can't go on, i can't
        do this anymore, i don't know anymore, i don't know what to do, i am exhausted, i am so tired, i can't
        cope, it is too much for me, i am at the end of my tether, i am a bad mother, i am a bad father, nothing
        works, nothing helps""",
}
