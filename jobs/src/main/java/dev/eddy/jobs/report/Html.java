package dev.eddy.jobs.report;

import java.util.Locale;

/**
 * Text of a page, put together. What comes from outside goes through {@link #text}; everything else
 * is written by this package.
 */
final class Html {
  private final StringBuilder page = new StringBuilder(1 << 15);

  /** Markup, as it is. */
  Html raw(String markup) {
    page.append(markup);
    return this;
  }

  /** Markup with numbers in it; never for texts from outside. */
  Html raw(String markup, Object... numbers) {
    page.append(String.format(Locale.ROOT, markup, numbers));
    return this;
  }

  /** Text from anywhere, escaped: safe as content and in a quoted attribute. */
  Html text(String text) {
    page.append(escape(text));
    return this;
  }

  /** An element around a text; the tag may carry attributes. */
  Html element(String tag, String text) {
    int end = tag.indexOf(' ');
    return raw("<" + tag + ">")
        .text(text)
        .raw("</" + (end < 0 ? tag : tag.substring(0, end)) + ">");
  }

  static String escape(String text) {
    StringBuilder safe = new StringBuilder(text.length() + 16);
    text.codePoints()
        .forEach(
            c -> {
              switch (c) {
                case '&' -> safe.append("&amp;");
                case '<' -> safe.append("&lt;");
                case '>' -> safe.append("&gt;");
                case '"' -> safe.append("&quot;");
                case '\'' -> safe.append("&#39;");
                default -> safe.appendCodePoint(isText(c) ? c : 0xFFFD);
              }
            });
    return safe.toString();
  }

  /** Neither a control character nor half a pair nor what turns the direction of writing round. */
  private static boolean isText(int c) {
    return c == '\n'
        || c == '\t'
        || !(Character.isISOControl(c)
            || Character.getType(c) == Character.SURROGATE
            || Character.getType(c) == Character.FORMAT
            || (c & 0xFFFE) == 0xFFFE);
  }

  @Override
  public String toString() {
    return page.toString();
  }
}
