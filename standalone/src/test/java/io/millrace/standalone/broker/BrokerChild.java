package io.millrace.standalone.broker;

import java.nio.file.Path;

/**
 * A process that runs a broker on the folder it is given, says its port, and waits to be killed.
 */
final class BrokerChild {

    private BrokerChild() {}

    public static void main(String[] args) throws InterruptedException {
        try (EmbeddedBroker broker = EmbeddedBroker.start(BrokerConfig.of(Path.of(args[0]), 0))) {
            System.out.println(broker.port());
            Thread.currentThread().join();
        }
    }
}
