package io.millrace.ingress.control;

import io.millrace.schemas.avro.ControlRecord;
import io.millrace.schemas.avro.ModelState;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Decides what must be written so that the control topic says what is wished. Pure. */
final class Changes {

    private Changes() {}

    /**
     * Returns the records to write by their keys: none when everything is as wished.
     *
     * @param current what the topic says
     */
    static Map<String, ControlRecord> between(
            Map<String, ControlRecord> current, Wishes wishes, Instant now) {
        Map<String, ControlRecord> changes = new LinkedHashMap<>();
        wishes.file()
                .forEach((key, wish) -> {
                    ControlRecord before = current.get(key);
                    ControlRecord after = priced(wish, before);
                    if (before == null || !same(before, after)) {
                        changes.put(key, next(after, before, now));
                    }
                });
        wishes.absent()
                .forEach((key, wish) -> {
                    if (!current.containsKey(key) && !changes.containsKey(key)) {
                        changes.put(key, next(wish, null, now));
                    }
                });
        current.forEach((key, before) -> {
            if (vanished(key, before, wishes)) {
                ControlRecord disabled = ControlRecord.newBuilder(before).setDisabled(true).build();
                changes.put(key, next(disabled, before, now));
            }
        });
        return changes;
    }

    private static boolean vanished(String key, ControlRecord before, Wishes wishes) {
        return before.getManagedBy().equals(Wishes.BY_FILE)
                && !before.getDisabled()
                && !wishes.file().containsKey(key);
    }

    private static ControlRecord next(
            ControlRecord state, @Nullable ControlRecord before, Instant now) {
        return ControlRecord.newBuilder(state)
                .setVersion(before == null ? 1 : before.getVersion() + 1)
                .setUpdatedAt(now)
                .build();
    }

    private static boolean same(ControlRecord before, ControlRecord after) {
        return before.getManagedBy().equals(after.getManagedBy())
                && before.getDisabled() == after.getDisabled()
                && Objects.equals(before.getTenant(), after.getTenant())
                && Objects.equals(before.getKey(), after.getKey())
                && Objects.equals(before.getProvider(), after.getProvider())
                && Objects.equals(before.getModel(), after.getModel());
    }

    private static ControlRecord priced(ControlRecord wish, @Nullable ControlRecord before) {
        ModelState model = wish.getModel();
        if (model == null) {
            return wish;
        }
        long version = priceVersion(model, before == null ? null : before.getModel());
        return ControlRecord.newBuilder(wish)
                .setModel(ModelState.newBuilder(model).setPriceVersion(version).build())
                .build();
    }

    // A price that comes back after a change is a new version all the same.
    private static long priceVersion(ModelState model, @Nullable ModelState before) {
        if (before == null) {
            return free(model) ? 0 : 1;
        }
        boolean samePrice =
                before.getInputNanoUsdPerMillion() == model.getInputNanoUsdPerMillion()
                        && before.getOutputNanoUsdPerMillion() == model.getOutputNanoUsdPerMillion()
                        && Objects.equals(
                                before.getCachedInputNanoUsdPerMillion(),
                                model.getCachedInputNanoUsdPerMillion());
        return samePrice ? before.getPriceVersion() : before.getPriceVersion() + 1;
    }

    private static boolean free(ModelState model) {
        return model.getInputNanoUsdPerMillion() == 0
                && model.getOutputNanoUsdPerMillion() == 0
                && model.getCachedInputNanoUsdPerMillion() == null;
    }
}
