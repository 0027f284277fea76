package io.millrace.standalone.assembly;

import io.millrace.servicekit.config.Section;
import java.util.List;

/** The sections that millrace.yaml may have; each belongs to a room of some service. */
public final class RootKeys {

    private static final List<String> KEYS =
            List.of(
                    "kafka",
                    "ingress",
                    "usage-aggregator",
                    "auth",
                    "retention",
                    "blobs",
                    "dispatcher",
                    "cache",
                    "webhooks",
                    "providers",
                    "models",
                    "tenants");

    private RootKeys() {}

    /** Returns the root, unless it has a key that no service knows. */
    public static Section checked(Section root) {
        root.allow(KEYS);
        return root;
    }
}
