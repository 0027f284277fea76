package io.millrace.standalone.registry;

import java.io.IOException;

/**
 * The first class of the registry's process: runs the registry for as long as its parent lives.
 *
 * <p>The parent holds the other end of standard input and writes nothing to it, so its end is the
 * parent's end, however that came: a child would otherwise outlive a kill -9 and keep port and
 * database. Uses nothing but the JDK.
 */
public final class RegistryMain {

    static final String ENTRY_POINT = "io.quarkus.runner.GeneratedMain";

    private RegistryMain() {}

    public static void main(String[] args) throws ReflectiveOperationException {
        Thread.ofPlatform().daemon().name("parent-watch").start(RegistryMain::exitWithParent);
        // Quarkus generates its main class: there is nothing to compile against
        Class.forName(ENTRY_POINT).getMethod("main", String[].class).invoke(null, (Object) args);
    }

    private static void exitWithParent() {
        try {
            while (System.in.read() >= 0) {
                // what is written to us has no meaning
            }
        } catch (IOException _) {
            // a broken pipe is an end too
        }
        System.exit(0);
    }
}
