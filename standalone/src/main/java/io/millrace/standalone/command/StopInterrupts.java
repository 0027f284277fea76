package io.millrace.standalone.command;

import io.millrace.standalone.process.Lifetime;

/** For commands that block in many places: a signal interrupts the thread that they run on. */
final class StopInterrupts {

    private StopInterrupts() {}

    /** Lets a signal interrupt the calling thread, which then has to come to its end itself. */
    static void thisThread(Lifetime lifetime) {
        Thread run = Thread.currentThread();
        lifetime.hold();
        Thread.ofVirtual()
                .start(() -> {
                    try {
                        lifetime.awaitStop();
                        run.interrupt();
                    } catch (InterruptedException _) {
                        Thread.currentThread().interrupt();
                    }
                });
    }
}
