package io.millrace.ingress.control;

import io.millrace.servicekit.config.ConfigFile;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/** Two tenants with their keys, an operator, and two models, one of which both may use. */
public final class TestControl {

    /** Key of tenant acme. */
    public static final String ACME = "sk-acme-0123456789abcdef";

    /** Key of tenant acme that may only read. */
    public static final String READER = "sk-reader-0123456789abcdef";

    /** Key of another tenant, which may use one model. */
    public static final String OTHER = "sk-other-0123456789abcdef";

    /** Key of an operator. */
    public static final String OPERATOR = "sk-operator-0123456789abcdef";

    private static final String FILE =
            """
            providers: [{name: p, dialect: local}]
            models:
              - {name: m, targets: [{provider: p, model: x}]}
              - {name: local/mini, targets: [{provider: p, model: y}]}
            tenants:
              - name: acme
                keys:
                  - {name: ci, secret: "%s"}
                  - {name: reader, secret: "%s", roles: [read]}
              - name: other
                keys: [{name: ci, secret: "%s", models: [m]}]
            """
                    .formatted(ACME, READER, OTHER);

    private TestControl() {}

    /** Returns the state. */
    public static Control make() {
        BootKeys boot = new BootKeys(List.of(BootKeys.Key.ofOperator("operator", OPERATOR)));
        return new Control(
                Changes.between(
                        Map.of(),
                        Wishes.of(
                                ControlConfig.from(ConfigFile.parse("t.yaml", FILE, Map.of())),
                                boot),
                        Instant.EPOCH));
    }
}
