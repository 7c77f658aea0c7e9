/* The page's script is packed with its other data: its text is made a script again, which the rules of the page allow
   by its hash. */
(() => {
  const said = (words) => {
    const place = document.getElementById("failure");
    place.hidden = false;
    place.textContent = words;
  };
  const rules = window.trustedTypes?.createPolicy("errsurf-page", { createScript: (text) => text });
  async function started() {
    const bytes = Uint8Array.from(atob(document.getElementById("arrays").textContent.trim()), (letter) => letter.charCodeAt(0));
    const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate"));
    const buffer = await new Response(stream).arrayBuffer();
    const [, first, last] = JSON.parse(document.getElementById("run").textContent).arrays.page;
    const text = new TextDecoder().decode(buffer.slice(first, last));
    window.errsurf = null;
    const script = document.createElement("script");
    script.textContent = rules ? rules.createScript(text) : text;
    document.body.append(script);
    if (!window.errsurf) throw new Error("its script is refused");
    return window.errsurf.ready;
  }
  window.errsurf = { ready: started().catch((error) => said(`This page needs a browser of 2023 or later (${error.message}).`)) };
})();
