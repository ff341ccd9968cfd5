// Everything works without these. Each file is one behaviour.
import "./sheet.js";
import "./once.js";
import "./reopen.js";
import "./copies.js";
