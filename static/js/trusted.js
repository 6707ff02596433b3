// The one policy of our pages: text that becomes markup holds neither scripts nor handlers; the only scripts that are
// fetched later are the worker and the reader, both ours.
"use strict";
if (window.trustedTypes && trustedTypes.createPolicy) {
  trustedTypes.createPolicy("default", {
    createHTML: (text) => (/<(?:script|iframe|object|embed|base)\b|[\s"'/]on[a-z]+\s*=|javascript:/i.test(text) ? null : text),
    createScriptURL: (text) => {
      const url = new URL(text, location.href);
      const ours = /\/(?:service-worker|js\/reading(?:\.[0-9a-f]+)?)\.js$/.test(url.pathname);
      return url.origin === location.origin && ours ? url.href : null;
    },
  });
}
