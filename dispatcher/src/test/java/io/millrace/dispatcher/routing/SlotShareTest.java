package io.millrace.dispatcher.routing;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class SlotShareTest {

    @Test
    void sharesOfAllSlotsDoNotPassTheLimitAndLetOneCallRun() {
        for (int owned = 0; owned <= 16; owned++) {
            int mine = owned;
            SlotShare share = new SlotShare(() -> mine, 16);
            assertThat(share.of("p", 64)).isEqualTo(owned * 4L);
            assertThat(share.of("p", 1)).isEqualTo(owned == 0 ? 0 : 1);
            assertThat(share.of("p", 1_000)).isEqualTo(1_000L * owned / 16);
        }
    }

    @Test
    void shareFollowsTheSlots() {
        // Given
        int[] owned = {16};
        SlotShare share = new SlotShare(() -> owned[0], 16);
        assertThat(share.of("p", 100)).isEqualTo(100);

        // When
        owned[0] = 4;

        // Then
        assertThat(share.of("p", 100)).isEqualTo(25);
    }
}
