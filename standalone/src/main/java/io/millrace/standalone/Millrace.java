package io.millrace.standalone;

import io.millrace.standalone.command.Commands;
import io.millrace.standalone.process.Lifetime;

/** The one main class: every command of Millrace runs in a process that started here. */
public final class Millrace {

    private Millrace() {}

    public static void main(String[] args) {
        Lifetime lifetime = Lifetime.begin();
        lifetime.end(Commands.in(lifetime).execute(args));
    }
}
