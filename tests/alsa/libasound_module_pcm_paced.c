/* A microphone made of a file: an ALSA capture device that delivers raw sound in real time.
 *
 * pcm.some_name {
 *     type paced
 *     file "/path/sound.raw"      16-bit little-endian samples, channels interleaved; then silence
 *     rate 48000                  the only rate that it opens at, as with a USB microphone
 *     channels 1
 *     room "/path/folder"         what is done to it: files that appear there
 * }
 *
 * Files in the room:  unplugged  it is gone, as a USB microphone is: POLLERR, then ENODEV
 *                     stalled    it delivers nothing
 *                     zeros      it delivers digital silence
 *                     hiccup     it overflows once, and this file is gone
 *                     broken     it overflows and cannot be started again, which sends PortAudio
 *                                into a loop that has no end
 *                     log        it writes "start" and "stop" here, a line for each
 */
#include <alsa/asoundlib.h>
#include <alsa/pcm_external.h>
#include <stdio.h>
#include <sys/timerfd.h>
#include <time.h>
#include <unistd.h>

#define TICK_NANOSECONDS 5000000

struct paced {
    snd_pcm_ioplug_t io;
    FILE *sound;
    char *room;
    double first_started, started;     /* seconds; 0 is never */
    snd_pcm_uframes_t produced, taken; /* frames since started */
    int running;
};

static double now(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return t.tv_sec + t.tv_nsec / 1e9;
}

static const char *in_room(const char *room, const char *name) {
    static __thread char path[4096];
    snprintf(path, sizeof path, "%s/%s", room, name);
    return path;
}

static int is(const char *room, const char *name) {
    return !access(in_room(room, name), F_OK);
}

static void note(struct paced *self, const char *what) {
    FILE *log = fopen(in_room(self->room, "log"), "a");
    if (log) {
        fprintf(log, "%s\n", what);
        fclose(log);
    }
}

static void tick(struct paced *self, long nanoseconds) {
    struct itimerspec every = {{0, nanoseconds}, {0, nanoseconds}};
    timerfd_settime(self->io.poll_fd, 0, &every, NULL);
}

static int start(snd_pcm_ioplug_t *io) {
    struct paced *self = io->private_data;
    if (is(self->room, "unplugged")) return -ENODEV;
    note(self, "start");
    self->running = 1;
    self->started = now();
    if (!self->first_started) self->first_started = self->started;
    self->produced = self->taken = 0;
    tick(self, TICK_NANOSECONDS);
    return 0;
}

static int stop(snd_pcm_ioplug_t *io) {
    struct paced *self = io->private_data;
    if (self->running) note(self, "stop");
    self->running = 0;
    tick(self, 0);
    return 0;
}

static int prepare(snd_pcm_ioplug_t *io) {
    struct paced *self = io->private_data;
    if (is(self->room, "broken")) return -EIO;
    return is(self->room, "unplugged") ? -ENODEV : 0;
}

static void produce(struct paced *self) {
    if (!is(self->room, "stalled") && !is(self->room, "unplugged"))
        self->produced = (now() - self->started) * self->io.rate;
}

static snd_pcm_sframes_t pointer(snd_pcm_ioplug_t *io) {
    struct paced *self = io->private_data;
    produce(self);
    if (is(self->room, "broken") || !unlink(in_room(self->room, "hiccup"))) return -EPIPE;
    if (self->produced - self->taken > io->buffer_size) return -EPIPE;
    return self->produced % io->buffer_size;
}

static snd_pcm_sframes_t transfer(snd_pcm_ioplug_t *io, const snd_pcm_channel_area_t *areas,
                                  snd_pcm_uframes_t offset, snd_pcm_uframes_t frames) {
    struct paced *self = io->private_data;
    size_t frame_bytes = io->channels * 2, got = 0;
    char *to = (char *)areas->addr + areas->first / 8 + offset * frame_bytes;
    long missed = (self->started - self->first_started) * io->rate;
    if (is(self->room, "unplugged")) return -ENODEV;
    if (!is(self->room, "zeros") && !fseek(self->sound, (missed + self->taken) * frame_bytes, SEEK_SET))
        got = fread(to, frame_bytes, frames, self->sound);
    memset(to + got * frame_bytes, 0, (frames - got) * frame_bytes);
    self->taken += frames;
    return frames;
}

static int poll_revents(snd_pcm_ioplug_t *io, struct pollfd *fds, unsigned int n, unsigned short *events) {
    struct paced *self = io->private_data;
    uint64_t ticks;
    *events = 0;
    if (read(io->poll_fd, &ticks, sizeof ticks) < 0) return 0;
    if (is(self->room, "unplugged")) {
        snd_pcm_ioplug_set_state(io, SND_PCM_STATE_DISCONNECTED);
        *events = POLLERR | POLLHUP;
    } else {
        produce(self);
        if (self->produced - self->taken >= io->period_size) *events = POLLIN;
    }
    return 0;
}

static int close_(snd_pcm_ioplug_t *io) {
    struct paced *self = io->private_data;
    close(io->poll_fd);
    fclose(self->sound);
    free(self->room);
    free(self);
    return 0;
}

static const snd_pcm_ioplug_callback_t callbacks = {
    .start = start, .stop = stop, .prepare = prepare, .pointer = pointer,
    .transfer = transfer, .poll_revents = poll_revents, .close = close_,
};

static int constrain(snd_pcm_ioplug_t *io, unsigned int rate, unsigned int channels) {
    unsigned int access[] = {SND_PCM_ACCESS_MMAP_INTERLEAVED, SND_PCM_ACCESS_RW_INTERLEAVED};
    unsigned int format[] = {SND_PCM_FORMAT_S16_LE};
    int error;
    if ((error = snd_pcm_ioplug_set_param_list(io, SND_PCM_IOPLUG_HW_ACCESS, 2, access)) < 0) return error;
    if ((error = snd_pcm_ioplug_set_param_list(io, SND_PCM_IOPLUG_HW_FORMAT, 1, format)) < 0) return error;
    if ((error = snd_pcm_ioplug_set_param_minmax(io, SND_PCM_IOPLUG_HW_RATE, rate, rate)) < 0) return error;
    if ((error = snd_pcm_ioplug_set_param_minmax(io, SND_PCM_IOPLUG_HW_CHANNELS, channels, channels)) < 0) return error;
    if ((error = snd_pcm_ioplug_set_param_minmax(io, SND_PCM_IOPLUG_HW_PERIODS, 2, 64)) < 0) return error;
    return snd_pcm_ioplug_set_param_minmax(io, SND_PCM_IOPLUG_HW_PERIOD_BYTES, 256, 1 << 16);
}

SND_PCM_PLUGIN_DEFINE_FUNC(paced) {
    snd_config_iterator_t entry, next;
    const char *file = NULL, *room = NULL, *id;
    long rate = 48000, channels = 1;
    int error;
    snd_config_for_each(entry, next, conf) {
        snd_config_t *value = snd_config_iterator_entry(entry);
        if (snd_config_get_id(value, &id) < 0) continue;
        if (!strcmp(id, "file")) snd_config_get_string(value, &file);
        if (!strcmp(id, "room")) snd_config_get_string(value, &room);
        if (!strcmp(id, "rate")) snd_config_get_integer(value, &rate);
        if (!strcmp(id, "channels")) snd_config_get_integer(value, &channels);
    }
    if (!file || !room) return -EINVAL;
    if (stream != SND_PCM_STREAM_CAPTURE) return -ENXIO;
    if (is(room, "unplugged")) return -ENODEV;

    struct paced *self = calloc(1, sizeof *self);
    if (!self) return -ENOMEM;
    if (!(self->sound = fopen(file, "rb"))) {
        free(self);
        return -ENOENT;
    }
    self->room = strdup(room);
    self->io.version = SND_PCM_IOPLUG_VERSION;
    self->io.name = "a file in real time";
    self->io.callback = &callbacks;
    self->io.private_data = self;
    self->io.poll_fd = timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK | TFD_CLOEXEC);
    self->io.poll_events = POLLIN;
    if ((error = snd_pcm_ioplug_create(&self->io, name, stream, mode)) < 0) {
        close_(&self->io);
        return error;
    }
    if ((error = constrain(&self->io, rate, channels)) < 0) {
        snd_pcm_ioplug_delete(&self->io);
        return error;
    }
    *pcmp = self->io.pcm;
    return 0;
}
SND_PCM_PLUGIN_SYMBOL(paced);
