// Everything works without these. Each file is one behaviour.
import "./sheet.js";
import "./once.js";
import "./copies.js";
