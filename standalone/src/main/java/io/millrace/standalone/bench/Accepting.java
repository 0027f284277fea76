package io.millrace.standalone.bench;

import java.util.List;

/** How many jobs a second are accepted on so many connections. */
record Accepting(int connections) implements Measurement {

    @Override
    public String title() {
        return "accepting on %d connections".formatted(connections);
    }

    @Override
    public List<Figure> on(Stage stage) throws InterruptedException {
        double bare = stage.floor().accepting(connections, stage.plan().accepting());
        double jobs = stage.accepted(connections, stage.plan().accepting()).rate();
        return List.of(
                new Figure(
                        "accepted, %d connections".formatted(connections), "jobs/s", jobs, bare));
    }
}
