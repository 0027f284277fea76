package io.millrace.standalone.bench;

import io.millrace.standalone.process.LoopbackPort;
import java.util.Collections;
import java.util.List;

/** Free ports for the processes of a benchmark. */
record BenchPorts(int kafka, int registry, int ingress, int aggregator, int provider) {

    static BenchPorts free() {
        List<Integer> ports =
                LoopbackPort.claimed(Collections.nCopies(5, new LoopbackPort(0, "--port"))).stream()
                        .map(LoopbackPort::number)
                        .toList();
        return new BenchPorts(ports.get(0), ports.get(1), ports.get(2), ports.get(3), ports.get(4));
    }
}
