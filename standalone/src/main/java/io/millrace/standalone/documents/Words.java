package io.millrace.standalone.documents;

import java.nio.charset.StandardCharsets;
import org.jsoup.Jsoup;

/** The words in the bytes of texts and pages. */
public final class Words {

    private static final int LOOKED_AT = 8_192;

    private Words() {}

    /** Returns the words of a text or a page, in UTF-8. */
    public static String of(byte[] content, DocumentKind kind) {
        String text = new String(content, StandardCharsets.UTF_8);
        return kind == DocumentKind.PAGE ? page(text) : text;
    }

    /** Returns whether it is no text, whatever its name says. */
    public static boolean isBinary(byte[] content) {
        for (int i = 0; i < Math.min(content.length, LOOKED_AT); i++) {
            if (content[i] == 0) {
                return true;
            }
        }
        return false;
    }

    /** The words of a page, block elements as paragraphs. */
    private static String page(String html) {
        var page = Jsoup.parse(html);
        page.select("script, style, nav").remove();
        page.select("p, div, li, tr, pre, h1, h2, h3, h4, h5, h6, blockquote, section")
                .before("\n\n");
        return page.body().wholeText();
    }
}
