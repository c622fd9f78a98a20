/** How well texts can be told from what is behind them, as WCAG counts it. */

/** @returns {Promise<{ ratio: number, text: string }>} of the text that is hardest to read */
export const lowestContrast = (page) =>
  page.evaluate(() => {
    const channels = (color) => (color.match(/[\d.]+/g) ?? []).map(Number);
    const luminance = (color) => {
      const [red, green, blue] = channels(color)
        .slice(0, 3)
        .map((value) => value / 255)
        .map((value) => (value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4));
      return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
    };
    const behind = (element) => {
      for (let at = element; at !== null; at = at.parentElement) {
        const color = getComputedStyle(at).backgroundColor;
        if (channels(color)[3] !== 0) return color;
      }
      return 'rgb(255, 255, 255)';
    };
    const own = (element) =>
      [...element.childNodes]
        .filter(({ nodeType }) => nodeType === Node.TEXT_NODE)
        .map(({ data }) => data.trim())
        .join('');
    const found = [...document.querySelectorAll('main *')]
      .map((element) => ({ element, text: own(element) || element.value || '' }))
      .filter(({ element, text }) => text !== '' && element.tagName !== 'PROGRESS')
      .map(({ element, text }) => {
        const [light, dark] = [luminance(getComputedStyle(element).color), luminance(behind(element))].sort(
          (a, b) => b - a,
        );
        return { ratio: Math.floor(((light + 0.05) / (dark + 0.05)) * 10) / 10, text };
      });
    return found.toSorted((a, b) => a.ratio - b.ratio)[0];
  });
