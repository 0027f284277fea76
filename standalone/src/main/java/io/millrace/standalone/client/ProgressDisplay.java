package io.millrace.standalone.client;

import java.io.PrintWriter;

/** Shows progress: one line that moves on a terminal, a line for each tenth elsewhere. */
public final class ProgressDisplay {

    private static final String CLEAR_LINE = "\r\u001B[2K";

    private final PrintWriter out;
    private final boolean terminal;
    private int shownTenth = -1;

    public ProgressDisplay(PrintWriter out, boolean terminal) {
        this.out = out;
        this.terminal = terminal;
    }

    /** Shows the progress, if it is news. */
    public void show(Progress progress) {
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

    /** Leaves the last progress standing; the next one is another batch's. */
    public void end() {
        shownTenth = -1;
        if (terminal) {
            out.println();
            out.flush();
        }
    }
}
