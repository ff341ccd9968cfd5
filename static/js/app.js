// Everything works without these. Each file is one behaviour.
import "./sheet.js";
import "./once.js";
import "./reopen.js";
import "./copies.js";
import "./nobody.js";
import "./worker.js";
import "./install.js";
import "./push.js";
import "./belongs.js";
import "./outbox.js";
import "./drafts.js";
import "./leave.js";
