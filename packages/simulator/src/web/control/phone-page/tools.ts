import type { PageElement, PhoneView } from './dom';

/**
 * Finds and makes elements. Served to the browser as source: refers to nothing outside itself.
 */
export function tools(view: PhoneView): Partial<PhoneView> {
  const { document } = view.window;
  return {
    byId(id) {
      return document.getElementById(id) as PageElement;
    },
    make(name, options = {}, ...children) {
      const element = document.createElement(name);
      if (options.class) element.className = options.class;
      if (options.label) element.setAttribute('aria-label', options.label);
      if (options.text !== undefined) element.textContent = options.text;
      element.append(...children);
      return element;
    },
  };
}
