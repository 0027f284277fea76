package io.millrace.standalone.command;

import java.io.Console;

/** Where a line that was printed can be printed over. */
final class Terminal {

    private Terminal() {}

    // JDK 22 to 24 return a console that is no terminal, 25 none again (JDK-8351435)
    @SuppressWarnings("SystemConsoleNull")
    static boolean isThere() {
        Console console = System.console();
        return console != null && console.isTerminal();
    }
}
