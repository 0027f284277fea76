package io.millrace.standalone.demo;

import java.util.Locale;

/** The beginning of a passage, as the demo prints it. */
final class Excerpt {

    private static final int WIDTH = 96;

    private Excerpt() {}

    /** Returns score, place and first words of a hit, in two lines. */
    static String of(Ranking.Hit hit) {
        String text = hit.passage().text();
        String shown = text.length() <= WIDTH ? text : text.substring(0, WIDTH).strip() + " …";
        return String.format(
                Locale.ROOT,
                "  %.3f  %s, passage %d%n         %s",
                hit.score(),
                hit.passage().document(),
                hit.passage().number(),
                shown);
    }
}
