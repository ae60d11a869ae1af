// The files of a drop or a choice, those in folders too, each with the names of its folders.

export async function dropped(transfer) {
  const entries = [...transfer.items].map((item) => item.webkitGetAsEntry?.()).filter(Boolean);
  if (!entries.length) return [...transfer.files].map((file) => ({ file, folders: [] }));
  const found = [];
  for (const entry of entries) await walk(entry, [], found);
  return found;
}

export function chosen(input) {
  return [...input.files].filter(isWanted).map((file) => ({
    file,
    folders: (file.webkitRelativePath || "").split("/").slice(0, -1),
  }));
}

async function walk(entry, folders, found) {
  if (entry.isFile) {
    const file = await new Promise((resolve, reject) => entry.file(resolve, reject));
    if (isWanted(file)) found.push({ file, folders });
    return;
  }
  const reader = entry.createReader();
  for (;;) { // a reader gives at most a hundred at a time
    const some = await new Promise((resolve, reject) => reader.readEntries(resolve, reject));
    if (!some.length) return;
    for (const each of some) await walk(each, [...folders, entry.name], found);
  }
}

// What systems leave in folders, and nobody means.
function isWanted(file) {
  return !file.name.startsWith(".") && !["Thumbs.db", "desktop.ini"].includes(file.name) && !file.name.startsWith("~$");
}
