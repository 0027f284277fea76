package io.millrace.ingress.webhook;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class UnderWayTest {

    @Test
    void tenantOfManySlowReceiversDelaysNoOther() throws InterruptedException {
        // Given
        UnderWay underWay = new UnderWay(8, 3);
        CountDownLatch end = new CountDownLatch(1);
        CountDownLatch three = new CountDownLatch(3);
        CountDownLatch all = new CountDownLatch(20);
        AtomicInteger slow = new AtomicInteger();
        for (int i = 0; i < 20; i++) {
            Thread.ofVirtual()
                    .start(() -> {
                        try {
                            underWay.run(
                                    "slow",
                                    () -> {
                                        slow.incrementAndGet();
                                        three.countDown();
                                        end.await();
                                    });
                        } catch (InterruptedException e) {
                            Thread.currentThread().interrupt();
                        }
                        all.countDown();
                    });
        }
        three.await();

        // When
        AtomicInteger quick = new AtomicInteger();
        for (int i = 0; i < 20; i++) {
            underWay.run("quick", quick::incrementAndGet);
        }

        // Then
        assertThat(quick).hasValue(20);
        assertThat(slow).hasValue(3);
        end.countDown();
        all.await();
        assertThat(slow).hasValue(20);
    }

    @Test
    void whatFailsMakesRoomAllTheSame() throws InterruptedException {
        UnderWay underWay = new UnderWay(1, 1);
        for (int i = 0; i < 3; i++) {
            try {
                underWay.run(
                        "a",
                        () -> {
                            throw new IllegalStateException("no");
                        });
            } catch (IllegalStateException e) {
                assertThat(e).hasMessage("no");
            }
        }
        AtomicInteger ran = new AtomicInteger();

        underWay.run("a", ran::incrementAndGet);

        assertThat(ran).hasValue(1);
    }
}
