// One key does one thing: it presses the button, or goes to the field, that names it.
//
//   data-key="1"                   a button or a link that this key presses
//   data-focus="c"                 a field that this key goes to
//   data-row                       a line of a list, which j and k walk along
//   data-submit="Control+Enter"    a field in which these keys send its form

const OFF = "lurewatch.keys.off";

export function listen(page) {
  const dialog = page.getElementById("keys");
  const single = page.getElementById("single");
  const open = page.querySelector("[data-keys]");
  open.hidden = false;
  open.addEventListener("click", () => dialog.showModal());
  single.checked = localStorage.getItem(OFF) === null;
  single.addEventListener("change", () => {
    if (single.checked) localStorage.removeItem(OFF);
    else localStorage.setItem(OFF, "yes");
  });
  page.addEventListener("keydown", (event) => {
    if (sends(event)) {
      event.preventDefault();
      event.target.form.requestSubmit();
    } else if (single.checked && !dialog.open && isSingle(event) && press(page, event.key)) {
      event.preventDefault();
    }
  });
}

function sends(event) {
  return (
    event.key === "Enter" && (event.ctrlKey || event.metaKey) && "submit" in (event.target.dataset ?? {})
  );
}

function isSingle(event) {
  const typing = event.target.closest("input:not([type=checkbox]), textarea, select, [contenteditable]");
  return !event.ctrlKey && !event.metaKey && !event.altKey && !event.repeat && !typing;
}

function press(page, key) {
  if (key === "?") {
    page.querySelector("[data-keys]").click();
    return true;
  }
  if (key === "j" || key === "k") return step(page, key === "j" ? 1 : -1);
  const name = CSS.escape(key);
  const field = page.querySelector(`[data-focus="${name}"]`);
  const button = page.querySelector(`[data-key="${name}"]`);
  if (field) {
    field.closest("details")?.setAttribute("open", "");
    field.focus();
  } else if (button) {
    button.click();
  }
  return Boolean(field ?? button);
}

function step(page, by) {
  const rows = [...page.querySelectorAll("[data-row]")];
  const at = rows.indexOf(page.activeElement);
  const next = at < 0 ? 0 : Math.min(rows.length - 1, Math.max(0, at + by));
  rows[next]?.focus();
  return rows.length > 0;
}
