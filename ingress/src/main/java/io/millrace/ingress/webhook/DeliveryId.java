package io.millrace.ingress.webhook;

import io.millrace.schemas.id.Slots;
import io.millrace.schemas.id.TenantId;
import io.millrace.schemas.id.ViewPartition;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The id of a delivery.
 *
 * @param value {@code whd_}, two digits of the partition, 26 that follow from event and endpoint
 */
record DeliveryId(String value) {

    private static final Pattern FORM = Pattern.compile("whd_(?<pp>[0-9a-z]{2})[0-9a-z]{26}");
    private static final int BASE = 36;

    DeliveryId {
        if (!FORM.matcher(value).matches()) {
            throw new IllegalArgumentException("no delivery id: '%s'".formatted(value));
        }
    }

    /**
     * Returns the id of an event's way to an endpoint.
     *
     * @param address where it goes, so that an endpoint of many addresses has one for each
     */
    static DeliveryId of(
            TenantId tenant, String endpoint, String address, String event, Slots partitions) {
        return new DeliveryId(
                "whd_"
                        + home(tenant, endpoint, partitions).digits()
                        + Event.digits(
                                "%s\n%s\n%s\n%s".formatted(tenant, endpoint, address, event)));
    }

    /** Returns the partition that an endpoint's deliveries live in. */
    static ViewPartition home(TenantId tenant, String endpoint, Slots partitions) {
        return new ViewPartition(partitions.of(tenant + "/" + endpoint));
    }

    /** Returns the id, or none when the text has not its form. */
    static Optional<DeliveryId> parse(String text) {
        return FORM.matcher(text).matches() ? Optional.of(new DeliveryId(text)) : Optional.empty();
    }

    /** Returns the partition it lives in. */
    ViewPartition partition() {
        Matcher matcher = FORM.matcher(value);
        if (!matcher.matches()) {
            throw new IllegalStateException(value);
        }
        return new ViewPartition(Integer.parseInt(matcher.group("pp"), BASE));
    }

    @Override
    public String toString() {
        return value;
    }
}
