// What every page of the staff side needs.  Each module finds its own markup; none needs another.
import "./request.js";
import "./toasts.js";
import "./dialogs.js";
import "./menus.js";
import "./tabs.js";
import "./chips.js";
import "./autosave.js";
import "./together.js";
import "./keys.js";
