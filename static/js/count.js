/* Shows how many characters are left; counts as the server does (code points, one for each line break). */
export function start(note) {
  const field = document.getElementById(note.dataset.for);
  const most = Number(note.dataset.max);
  const show = () => {
    const used = [...field.value.replace(/\r\n/g, "\n")].length;
    const left = most - used;
    note.textContent = left >= 0 ? `${used} / ${most}文字` : `${used} / ${most}文字（${-left}文字減らしてください）`;
    note.classList.toggle("error", left < 0);
  };
  field.addEventListener("input", show);
  show();
}
