package io.millrace.dispatcher.provider.http;

import java.util.concurrent.Semaphore;
import org.apache.hc.core5.concurrent.FutureCallback;

/** Gives a permit back when something has come to its end, whichever. */
record Released<T>(Semaphore permits) implements FutureCallback<T> {

    @Override
    public void completed(T result) {
        permits.release();
    }

    @Override
    public void failed(Exception e) {
        permits.release();
    }

    @Override
    public void cancelled() {
        permits.release();
    }
}
