package io.millrace.standalone.command;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.millrace.schemas.avro.DeadLetter;
import io.millrace.schemas.serde.Codecs;
import io.millrace.servicekit.kafka.KafkaClients;
import io.millrace.servicekit.kafka.KafkaConfig;
import io.millrace.servicekit.kafka.Registry;
import io.millrace.standalone.letters.DeadLetters;
import io.millrace.standalone.letters.DeadLetters.Found;
import java.io.PrintWriter;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Function;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code millrace dead-letters}: what was poison, for who operates the cluster. */
@Command(
        name = "dead-letters",
        mixinStandardHelpOptions = true,
        description = "Lists, shows and replays what was poison.",
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {
            DeadLettersCommand.ListAll.class,
            DeadLettersCommand.Show.class,
            DeadLettersCommand.Replay.class
        })
final class DeadLettersCommand implements Runnable {

    @Spec private CommandSpec spec = CommandSpec.create();

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "no command given");
    }

    private static int in(ConfigOption config, Function<DeadLetters, Integer> work) {
        LogForm.toStandardError();
        KafkaConfig kafka = KafkaConfig.from(config.root().section("kafka"));
        var registry = Registry.client(kafka.schemaRegistry());
        KafkaClients clients = new KafkaClients(kafka, registry, new SimpleMeterRegistry());
        try (var consumer = clients.consumer("millrace-dead-letters", Map.of());
                var producer = clients.producer("millrace-dead-letters")) {
            return work.apply(
                    new DeadLetters(
                            consumer.client(),
                            producer.client(),
                            Codecs.on(registry).deadLetters()));
        }
    }

    private static int one(
            DeadLetters letters, String id, CommandSpec spec, Function<Found, Integer> work) {
        Optional<Found> found = letters.find(id);
        if (found.isEmpty()) {
            spec.commandLine().getErr().println("no dead letter has the id " + id);
            return ExitCodes.FAILED;
        }
        return work.apply(found.get());
    }

    private static String line(Found found) {
        DeadLetter letter = found.letter();
        return "%s  %s  %s/%d/%d  %s  %s"
                .formatted(
                        found.id(),
                        letter.getFoundAt(),
                        letter.getSource().getTopic(),
                        letter.getSource().getPartition(),
                        letter.getSource().getOffset(),
                        letter.getReason(),
                        letter.getMessage().lines().findFirst().orElse(""));
    }

    /** {@code millrace dead-letters list}. */
    @Command(
            name = "list",
            mixinStandardHelpOptions = true,
            description = "Prints the newest dead letters: id, time, source, reason.")
    static final class ListAll implements Callable<Integer> {

        @Mixin private ConfigOption config = new ConfigOption();

        @Option(
                names = "--limit",
                paramLabel = "N",
                description = "How many at most (default: ${DEFAULT-VALUE}).")
        private int limit = 20;

        @Spec private CommandSpec spec = CommandSpec.create();

        @Override
        public Integer call() {
            if (limit < 1 || limit > 10_000) {
                throw new ParameterException(
                        spec.commandLine(), "--limit must be between 1 and 10000");
            }
            return in(
                    config,
                    letters -> {
                        PrintWriter out = spec.commandLine().getOut();
                        letters.list(limit).forEach(each -> out.println(line(each)));
                        return ExitCodes.DONE;
                    });
        }
    }

    /** {@code millrace dead-letters show ID}. */
    @Command(
            name = "show",
            mixinStandardHelpOptions = true,
            description = "Prints a dead letter whole, as JSON by Avro's rules.")
    static final class Show implements Callable<Integer> {

        @Parameters(paramLabel = "ID", description = "Id of a dead letter.")
        private String id = "";

        @Mixin private ConfigOption config = new ConfigOption();

        @Spec private CommandSpec spec = CommandSpec.create();

        @Override
        public Integer call() {
            return in(
                    config,
                    letters ->
                            one(
                                    letters,
                                    id,
                                    spec,
                                    found -> {
                                        spec.commandLine().getOut().println(found.letter());
                                        return ExitCodes.DONE;
                                    }));
        }
    }

    /** {@code millrace dead-letters replay ID}. */
    @Command(
            name = "replay",
            mixinStandardHelpOptions = true,
            description = "Writes what was poison once more to where it lay, as a new record.")
    static final class Replay implements Callable<Integer> {

        @Parameters(paramLabel = "ID", description = "Id of a dead letter.")
        private String id = "";

        @Mixin private ConfigOption config = new ConfigOption();

        @Spec private CommandSpec spec = CommandSpec.create();

        @Override
        public Integer call() {
            return in(
                    config,
                    letters ->
                            one(
                                    letters,
                                    id,
                                    spec,
                                    found -> {
                                        var at = letters.replay(found.letter());
                                        spec.commandLine()
                                                .getOut()
                                                .println(
                                                        "%s/%d/%d"
                                                                .formatted(
                                                                        at.topic(),
                                                                        at.partition(),
                                                                        at.offset()));
                                        return ExitCodes.DONE;
                                    }));
        }
    }
}
