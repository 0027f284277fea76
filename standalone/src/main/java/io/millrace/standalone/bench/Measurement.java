package io.millrace.standalone.bench;

import java.util.List;

/** One thing that is measured; it leaves the cluster idle behind. */
interface Measurement {

    /** Returns what is measured, for whoever waits. */
    String title();

    /** Measures it. */
    List<Figure> on(Stage stage) throws InterruptedException;
}
