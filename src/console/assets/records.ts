/** Previous and next record, as a part of the script: a record's page goes on along the list that it was opened from. */
export const recordsJs = `
  try {
    const hrefs = [...document.querySelectorAll("main [data-row] a.open")].map((link) => new URL(link.href).pathname);
    if (hrefs.length > 0) sessionStorage.setItem("records", JSON.stringify(hrefs));
    const list = JSON.parse(sessionStorage.getItem("records") ?? "[]");
    const at = hrefs.length > 0 ? -1 : list.indexOf(location.pathname);
    const line = document.querySelector("main .head");
    if (at !== -1 && line && list.length > 1) {
      const nav = document.createElement("nav");
      nav.className = "records";
      nav.setAttribute("aria-label", root.dataset.previous + ", " + root.dataset.next);
      for (const [key, href, text] of [["[", list[at - 1], root.dataset.previous], ["]", list[at + 1], root.dataset.next]]) {
        if (!href) continue;
        const link = document.createElement("a");
        link.href = href;
        link.dataset.key = key;
        link.textContent = text;
        nav.append(link);
      }
      line.append(nav);
    }
  } catch {
    // the browser keeps nothing
  }
`;
