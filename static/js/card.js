// A card's QR code: the token travels in the fragment, which no log holds. It is posted and leaves the history.
(() => {
  "use strict";
  const form = document.querySelector("[data-card-form]");
  const post = () => {
    const token = window.location.hash.slice(1);
    if (!form || !token) return;
    window.history.replaceState(null, "", window.location.pathname + window.location.search);
    form.elements.token.value = token;
    document.querySelectorAll("[data-card-manual]").forEach((element) => (element.hidden = true));
    document.querySelectorAll("[data-card-status]").forEach((element) => (element.hidden = false));
    form.submit();
  };
  window.addEventListener("hashchange", post); // a second card, scanned in the same tab
  post();
})();
