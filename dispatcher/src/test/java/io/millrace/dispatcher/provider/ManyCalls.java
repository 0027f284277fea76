package io.millrace.dispatcher.provider;

import io.millrace.dispatcher.provider.http.AnswerMemory;
import io.millrace.dispatcher.provider.http.HttpLimits;
import io.millrace.dispatcher.provider.http.HttpVersion;
import io.millrace.dispatcher.provider.http.Transport;
import io.millrace.dispatcher.provider.json.JsonProvider;
import io.millrace.dispatcher.provider.openai.OpenAi;
import io.millrace.servicekit.http.Trust;
import java.io.IOException;
import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;

/**
 * Holds many calls at once in a process of its own, whose memory is theirs alone. Told a line on
 * its input it says what it takes, and when the calls have ended how many were completed.
 */
final class ManyCalls {

    /** Longer than the calls take, however slowly their connections are made. */
    static final Duration LONG = Duration.ofMinutes(8);

    private ManyCalls() {}

    /**
     * Runs it.
     *
     * @param arguments URL, model, number of calls, and perhaps the certificate to trust
     */
    public static void main(String[] arguments) throws IOException {
        Trust trust = arguments.length > 3 ? Trust.of(Path.of(arguments[3])) : Trust.JVM;
        int count = Integer.parseInt(arguments[2]);
        PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
        try (JsonProvider provider =
                new JsonProvider(
                        new OpenAi(),
                        "sim",
                        arguments[0] + "/v1",
                        List::of,
                        HttpLimits.of(count, LONG, LONG, LONG),
                        new Transport(HttpVersion.V1_1, trust),
                        AnswerMemory.ofHeap(),
                        InstantSource.system())) {
            List<VirtualCall<Outcome>> calls = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                calls.add(new VirtualCall<>(() -> provider.call(Calls.chat(arguments[1], LONG))));
            }
            if (System.in.read() >= 0) {
                out.printf(
                        "%d %d%n",
                        residentKibibytes(), ManagementFactory.getThreadMXBean().getThreadCount());
            }
            out.println(
                    calls.stream()
                            .filter(call -> call.result(LONG) instanceof Outcome.Completed)
                            .count());
        }
    }

    /** Memory of this process at its most, as Linux counts it; 0 where nobody does. */
    private static long residentKibibytes() throws IOException {
        Path status = Path.of("/proc/self/status");
        if (!Files.exists(status)) {
            return 0;
        }
        try (var lines = Files.lines(status)) {
            return lines.filter(line -> line.startsWith("VmHWM:"))
                    .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
                    .findFirst()
                    .orElse(0);
        }
    }
}
