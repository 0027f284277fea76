package io.millrace.standalone.process;

import java.util.List;

/** A process with a lifetime: says what it does, as far as it gets. */
final class LifetimeChild {

    private LifetimeChild() {}

    public static void main(String[] args) throws InterruptedException {
        List<String> wishes = List.of(args);
        Lifetime lifetime = Lifetime.begin();
        if (wishes.contains("hold")) {
            lifetime.hold();
        }
        System.out.println("started");
        if (wishes.contains("wait")) {
            lifetime.awaitStop();
            System.out.println("closing");
        }
        lifetime.end(Integer.parseInt(wishes.getLast()));
    }
}
