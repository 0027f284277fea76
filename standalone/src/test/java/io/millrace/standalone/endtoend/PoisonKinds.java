package io.millrace.standalone.endtoend;

import io.millrace.schemas.avro.Cancel;
import io.millrace.schemas.avro.InferenceRequest;
import io.millrace.schemas.avro.LaneOpened;
import io.millrace.schemas.avro.Payload;
import io.millrace.schemas.avro.SlotRecord;
import io.millrace.schemas.avro.Submit;
import io.millrace.schemas.avro.TokenUsage;
import io.millrace.schemas.id.Slots;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Records that are no job, each of another kind: bytes that are no Avro, Avro that is no record of
 * ours, and records of ours that say what cannot be.
 */
final class PoisonKinds {

    private static final int HEADER = 5; // a zero byte and the schema's id
    private static final int TORN = 12;
    private static final int NOISE = 8;

    private final Submit job;
    private final Function<SlotRecord, byte[]> encoder;
    private final Map<String, byte[]> kinds = new LinkedHashMap<>();

    private PoisonKinds(Submit job, Function<SlotRecord, byte[]> encoder) {
        this.job = job;
        this.encoder = encoder;
    }

    /** Returns the values by their kinds, made of a job that could be carried out. */
    static Map<String, byte[]> of(Submit job, Function<SlotRecord, byte[]> encoder) {
        PoisonKinds all = new PoisonKinds(job, encoder);
        all.bytes();
        all.torn();
        all.severalKinds();
        all.submits();
        all.wishes();
        all.lanes();
        return all.kinds;
    }

    private void bytes() {
        kinds.put("a zero", new byte[1]);
        kinds.put("zeros", new byte[1_000]);
        kinds.put("text", text("hello"));
        kinds.put("JSON", text("{\"submit\": {\"jobId\": \"job_00x\"}}"));
        kinds.put("XML", text("<submit/>"));
        kinds.put("another first byte", with(0, 1));
        kinds.put("an unknown schema", with(HEADER - 1, 99));
        kinds.put("a negative schema", with(1, -1));
        kinds.put("an unknown branch", with(HEADER, 4));
        kinds.put("a negative branch", with(HEADER, 1));
        kinds.put("a text of a negative length", with(HEADER + 1, 1));
        byte[] huge = whole();
        Arrays.fill(huge, HEADER + 1, HEADER + 5, (byte) 0xff);
        kinds.put("a text of a huge length", huge);
        Random random = new Random(9);
        for (int i = 0; i < NOISE; i++) {
            byte[] noise = new byte[200 + i];
            random.nextBytes(noise);
            System.arraycopy(whole(), 0, noise, 0, HEADER);
            noise[HEADER] = 2;
            kinds.put("noise " + i, noise);
        }
    }

    private void torn() {
        byte[] whole = whole();
        for (int i = 1; i <= TORN; i++) {
            kinds.put("torn " + i, Arrays.copyOf(whole, whole.length * i / (TORN + 1)));
        }
    }

    private void severalKinds() {
        Cancel wish = wish("job_00x", job.getTenant(), "cancelled");
        LaneOpened lane = new LaneOpened(job.getTenant(), "lanes." + job.getTenant() + ".batch");
        put("nothing", null, null, null);
        put("a job and a wish", job, wish, null);
        put("a job and a lane", job, null, lane);
        put("a wish and a lane", null, wish, lane);
        put("all at once", job, wish, lane);
    }

    private void submits() {
        submit("no tenant", each -> each.setTenant(""));
        submit("a tenant with a blank", each -> each.setTenant("a b"));
        submit("a tenant that is a path", each -> each.setTenant("../acme"));
        submit("a tenant of a thousand letters", each -> each.setTenant("a".repeat(1_000)));
        submit("a job of another slot's tenant", each -> each.setTenant(stranger()));
        submit("no id", each -> each.setJobId(""));
        submit("an id that is a path", each -> each.setJobId("job_00/../../x"));
        submit("an id of another sort", each -> each.setJobId("batch_" + job.getJobId()));
        submit(
                "an id of a view partition that is not there",
                each -> each.setJobId("job_zz" + job.getJobId().substring("job_00".length())));
        submit("negative attempts", each -> each.setAttempts(-1));
        submit(
                "negative usage",
                each -> each.setUsage(TokenUsage.newBuilder().setInputTokens(-1).build()));
        submit(
                "more cached than there was",
                each -> each.setUsage(TokenUsage.newBuilder().setCachedInputTokens(1).build()));
        submit("a body too large", each -> each.setRequest(tooLarge()));
        submit("too much beside the body", each -> each.setRequest(tooMuch()));
    }

    /** A tenant that lives in another slot. */
    private String stranger() {
        Slots slots = new Slots(Cluster.SLOTS);
        return IntStream.range(0, 1_000)
                .mapToObj("stranger-%d"::formatted)
                .filter(name -> slots.of(name) != slots.of(job.getTenant()))
                .findFirst()
                .orElseThrow();
    }

    private InferenceRequest tooLarge() {
        return InferenceRequest.newBuilder(job.getRequest())
                .setBody(new Payload(ByteBuffer.allocate(512 * 1024 + 1), null))
                .build();
    }

    private InferenceRequest tooMuch() {
        return InferenceRequest.newBuilder(job.getRequest())
                .setMetadata(Map.of("a", "x".repeat(300 * 1024)))
                .build();
    }

    private void wishes() {
        for (String id : List.of("", "x", "file-00x", "job_../x")) {
            put("a wish to end '" + id + "'", null, wish(id, job.getTenant(), "expired"), null);
        }
        put("a wish for no reason", null, wish("job_00x", job.getTenant(), ""), null);
        put("a wish of nobody", null, wish("job_00x", "", "expired"), null);
    }

    private void lanes() {
        for (String lane : List.of("", "requests", "lanes.another.batch", "lanes..wait")) {
            put("lane '" + lane + "'", null, null, new LaneOpened(job.getTenant(), lane));
        }
    }

    private void submit(String kind, Consumer<Submit.Builder> change) {
        Submit.Builder changed = Submit.newBuilder(job);
        change.accept(changed);
        put(kind, changed.build(), null, null);
    }

    private void put(
            String kind,
            @Nullable Submit submit,
            @Nullable Cancel wish,
            @Nullable LaneOpened lane) {
        kinds.put(kind, encoder.apply(new SlotRecord(submit, wish, lane)));
    }

    private static Cancel wish(String id, String tenant, String reason) {
        return new Cancel(id, tenant, reason, Instant.EPOCH);
    }

    private byte[] with(int position, int value) {
        byte[] bytes = whole();
        bytes[position] = (byte) value;
        return bytes;
    }

    private byte[] whole() {
        return encoder.apply(new SlotRecord(job, null, null));
    }

    private static byte[] text(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
