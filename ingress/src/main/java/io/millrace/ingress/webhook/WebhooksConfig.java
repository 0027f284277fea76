package io.millrace.ingress.webhook;

import io.millrace.servicekit.config.Reference;
import io.millrace.servicekit.config.Section;
import io.millrace.servicekit.config.Setting;
import java.util.List;

/**
 * Where events may be sent.
 *
 * @param allowPrivateNetworks whether addresses of private networks may be named, by plain HTTP too
 * @param endpoints how many a tenant may have
 */
public record WebhooksConfig(boolean allowPrivateNetworks, int endpoints) {

    private static final Setting<Boolean> PRIVATE =
            Setting.flag(
                            "allow-private-networks",
                            "Whether addresses of private networks may be named, by plain HTTP too")
                    .withDefault("false");
    private static final Setting<Integer> ENDPOINTS =
            Setting.integer("endpoints", "Endpoints a tenant may have", 1, 1000).withDefault("20");

    /** The section of the reference page. */
    public static final Reference REFERENCE =
            new Reference("webhooks", "Where events may be sent.", List.of(PRIVATE, ENDPOINTS));

    /** Reads the section {@code webhooks}. */
    public static WebhooksConfig from(Section section) {
        section.allow(REFERENCE.keys());
        return new WebhooksConfig(section.get(PRIVATE), section.get(ENDPOINTS));
    }
}
