package io.millrace.standalone.demo;

import java.io.PrintWriter;

/** Shows progress: one line that moves on a terminal, a line for each tenth elsewhere. */
final class ProgressDisplay {

    private static final String CLEAR_LINE = "\r\u001B[2K";

    private final PrintWriter out;
    private final boolean terminal;
    private int shownTenth = -1;

    ProgressDisplay(PrintWriter out, boolean terminal) {
        this.out = out;
        this.terminal = terminal;
    }

    /** Shows the progress, if it is news. */
    void show(Progress progress) {
        if (terminal) {
            out.print(CLEAR_LINE + progress.bar());
            out.flush();
            return;
        }
        int tenth = progress.total() == 0 ? 0 : (int) (10L * progress.ended() / progress.total());
        if (tenth > shownTenth) {
            shownTenth = tenth;
            out.println(progress.line());
            out.flush();
        }
    }

    /** Leaves the last progress standing. */
    void end() {
        if (terminal) {
            out.println();
            out.flush();
        }
    }
}
