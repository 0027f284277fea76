package io.millrace.dispatcher.execution;

import static io.millrace.dispatcher.Samples.NOON;
import static io.millrace.dispatcher.Samples.requests;
import static io.millrace.dispatcher.Samples.submit;

import io.millrace.dispatcher.provider.ProviderError;
import io.millrace.dispatcher.routing.Route;
import io.millrace.dispatcher.routing.Target;
import io.millrace.dispatcher.settlement.OwnedSlot;
import io.millrace.schemas.avro.ControlRecord;
import io.millrace.schemas.avro.ModelState;
import io.millrace.schemas.avro.ProviderState;
import io.millrace.schemas.avro.Submit;
import io.millrace.schemas.avro.TargetState;
import io.millrace.schemas.money.Usage;
import java.util.List;
import java.util.Optional;

/** Jobs and what they run by, for tests of this room. */
final class Jobs {

    static final ProviderError ERROR = new ProviderError("overloaded", "busy", "server_error");
    static final Target TARGET = new Target("p", "t", 1);

    private Jobs() {}

    static Job job(OwnedSlot slot, Submit submit, long offset) {
        return new Job(
                submit,
                slot,
                requests(slot),
                offset,
                Optional.empty(),
                Progress.of(submit.getAttempts(), Usage.NONE));
    }

    static Job job(OwnedSlot slot, int number) {
        return job(slot, submit(number).build(), number);
    }

    static Job after(Job job, int attempts) {
        return job.with(Progress.of(attempts, job.progress().known()));
    }

    /** A model whose million input tokens cost a dollar and output tokens two. */
    static ModelState.Builder model(String name, String... providers) {
        List<TargetState> targets =
                List.of(providers).stream()
                        .map(each ->
                                TargetState.newBuilder().setProvider(each).setModel("t").build())
                        .toList();
        return ModelState.newBuilder()
                .setName(name)
                .setTargets(targets)
                .setInputNanoUsdPerMillion(1_000_000_000)
                .setOutputNanoUsdPerMillion(2_000_000_000)
                .setPriceVersion(3);
    }

    static Route route() {
        return Route.from(model("m", "p").build());
    }

    static ProviderState.Builder provider(String name) {
        return ProviderState.newBuilder().setName(name).setDialect("openai").setConcurrency(64L);
    }

    static ControlRecord.Builder control() {
        return ControlRecord.newBuilder().setVersion(1).setManagedBy("file").setUpdatedAt(NOON);
    }
}
