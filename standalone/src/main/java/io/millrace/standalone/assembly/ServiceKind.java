package io.millrace.standalone.assembly;

import java.util.Locale;

/** The services there are. */
public enum ServiceKind {
    INGRESS,
    DISPATCHER,
    USAGE_AGGREGATOR;

    /** The name of its command, its section in the file and its folder, such as {@code ingress}. */
    public String commandName() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
