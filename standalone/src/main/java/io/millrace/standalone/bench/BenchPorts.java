package io.millrace.standalone.bench;

import io.millrace.standalone.process.LoopbackPort;

/** Free ports for the processes of a benchmark. */
record BenchPorts(int kafka, int registry, int ingress, int aggregator, int provider) {

    static BenchPorts free() {
        return new BenchPorts(port(), port(), port(), port(), port());
    }

    private static int port() {
        return new LoopbackPort(0, "--port").claimed().number();
    }
}
