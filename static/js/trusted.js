// The one policy of our pages: text that becomes markup holds neither scripts nor handlers; the only worker is ours.
"use strict";
if (window.trustedTypes && trustedTypes.createPolicy) {
  trustedTypes.createPolicy("default", {
    createHTML: (text) => (/<(?:script|iframe|object|embed|base)\b|[\s"'/]on[a-z]+\s*=|javascript:/i.test(text) ? null : text),
    createScriptURL: (text) => {
      const url = new URL(text, location.href);
      return url.origin === location.origin && url.pathname.endsWith("/service-worker.js") ? url.href : null;
    },
  });
}
