package io.millrace.standalone;

import io.millrace.standalone.command.Commands;
import io.millrace.standalone.command.ExitCodes;
import io.millrace.standalone.process.Lifetime;

/** The one main class: every command of Millrace runs in a process that started here. */
public final class Millrace {

    private Millrace() {}

    public static void main(String[] args) {
        Lifetime lifetime = Lifetime.begin();
        int exitCode = ExitCodes.FAILED;
        try {
            exitCode = Commands.in(lifetime).execute(args);
        } catch (Error e) {
            // a missing class or no memory: threads that run on would keep a broken process alive
            System.err.println("millrace: ended by " + e);
            e.printStackTrace();
        }
        lifetime.end(exitCode);
    }
}
