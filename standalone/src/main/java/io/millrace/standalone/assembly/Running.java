package io.millrace.standalone.assembly;

import io.millrace.servicekit.admin.Health;
import java.util.Map;
import java.util.OptionalInt;
import java.util.TreeMap;
import java.util.function.Function;

/** A process of services that has started, be it one service or all of them. */
public interface Running extends AutoCloseable {

    /** What each part says of itself. */
    Health health();

    /** Where each part listens on 127.0.0.1, by its name. */
    Map<String, Integer> ports();

    /** Stops everything, in order; running work is drained. */
    @Override
    void close();

    /** Returns the ports of the services and of the admin door. */
    static Map<String, Integer> ports(int admin, Function<ServiceKind, OptionalInt> services) {
        Map<String, Integer> ports = new TreeMap<>();
        ports.put("admin", admin);
        for (ServiceKind kind : ServiceKind.values()) {
            services.apply(kind).ifPresent(port -> ports.put(kind.commandName(), port));
        }
        return ports;
    }
}
