// Words selected in the text become a mark: m puts them into the form, and shows them in the text.

export function mark(page) {
  const button = page.querySelector("[data-marks]");
  const text = page.querySelector("[data-text]");
  if (!button || !text) return;
  button.hidden = false;
  button.addEventListener("mousedown", (event) => event.preventDefault()); // keeps the selection
  button.addEventListener("click", () => {
    const range = selected(page, text);
    const row = emptyRow(page);
    row.closest("details").open = true;
    if (!range) {
      row.querySelector("[name=phrase]").focus();
      return;
    }
    row.querySelector("[name=phrase]").value = range.toString().trim();
    row.querySelector("[name=near]").value = before(page, text, range);
    row.querySelector("[name=sign]").focus();
    show(range);
  });
}

function selected(page, text) {
  const selection = page.getSelection();
  if (selection.rangeCount === 0 || selection.isCollapsed) return null;
  const range = selection.getRangeAt(0);
  return text.contains(range.commonAncestorContainer) && range.toString().trim() ? range : null;
}

function emptyRow(page) {
  const rows = [...page.querySelectorAll("[data-mark]")];
  const last = rows.at(-1);
  if (last.querySelector("[name=phrase]").value === "") return last;
  const row = last.cloneNode(true);
  for (const [name, value] of [["phrase", ""], ["near", "0"]]) {
    row.querySelector(`[name=${name}]`).value = value;
  }
  last.after(row);
  return row;
}

// Code points of the text before the range, as the server counts them.
function before(page, text, range) {
  const head = page.createRange();
  head.setStart(text, 0);
  head.setEnd(range.startContainer, range.startOffset);
  return [...head.toString()].length;
}

function show(range) {
  if (!("highlights" in CSS)) return;
  const marked = CSS.highlights.get("marked") ?? new Highlight();
  marked.add(range.cloneRange());
  CSS.highlights.set("marked", marked);
}
