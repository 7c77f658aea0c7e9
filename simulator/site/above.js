/* Links from a live page to others of the site: settings of optimizers go along as far as the other page has them. */
(() => {
  const site = document.querySelector(".site");
  const settings = () => window.errsurf.link?.() || "";
  const optimizers = () => settings().split("&").filter((part) => /^(\d+\.(?!at=)|groups=)/.test(part)).join("&");
  const moved = (address, hash) => (hash ? `${address}#${hash}` : address);
  site.querySelector("select")?.addEventListener("change", ({ target }) => location.assign(moved(target.value, optimizers())));
  for (const link of site.querySelectorAll("a[hreflang]")) {
    const address = link.getAttribute("href");
    link.addEventListener("click", () => link.setAttribute("href", moved(address, settings())));
  }
})();
