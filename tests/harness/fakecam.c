/* A camera without hardware, under the real nokhwa and v4l: loaded with LD_PRELOAD it plays /dev/video0 of the
 * Video4Linux2 interface (memory-mapped streaming, YUYV and Motion JPEG, 640x480 and 1280x720, 30 per second).
 *
 *   FAKECAM_FORMAT  YUYV (default) or MJPG: what it offers
 *   FAKECAM_JPEG    with MJPG: a file per size, "%dx%d" stands for the size
 *   FAKECAM_SIZES   "640x480" or "1280x720" for one size only; both by default
 *   FAKECAM_FAULT   busy | badnum (30000/1001 a second) | stall:N | unplug:N (after N frames)
 *   FAKECAM_BACK    a file; once it exists, a pulled-out camera is back
 *
 * The YUYV picture: left half red, right half blue, and a white square in the middle.
 */
#define _GNU_SOURCE
#include <dirent.h>
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/videodev2.h>
#include <poll.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/timerfd.h>
#include <time.h>
#include <unistd.h>

#define BUFFERS 8
#define QUEUE 64

static const struct size { unsigned w, h; } SIZES[] = {{640, 480}, {1280, 720}};
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static int camera = -1, memory = -1, streaming, pulled;
static unsigned width = 640, height = 480, rate = 30, sequence, buffers, queue[QUEUE], head, tail;
static size_t buffer_bytes, jpeg_bytes[2];
static unsigned char *frames, *jpeg[2];

/* The system call itself, past every wrapper. */
static long direct(long n, long a, long b, long c, long d, long e, long f) {
    long result;
    register long r10 __asm__("r10") = d;
    register long r8 __asm__("r8") = e;
    register long r9 __asm__("r9") = f;
    __asm__ volatile("syscall" : "=a"(result) : "a"(n), "D"(a), "S"(b), "d"(c), "r"(r10), "r"(r8), "r"(r9)
                     : "rcx", "r11", "memory");
    return result;
}

static long answer(long result) {
    if (result < 0 && result > -4096) {
        errno = (int)-result;
        return -1;
    }
    return result;
}

static const char *setting(const char *name) {
    const char *value = getenv(name);
    return value ? value : "";
}

static int fault_after(const char *kind) {
    const char *fault = setting("FAKECAM_FAULT");
    size_t length = strlen(kind);
    return strncmp(fault, kind, length) == 0 && fault[length] == ':' ? atoi(fault + length + 1) : -1;
}

static int is_mjpeg(void) { return strcmp(setting("FAKECAM_FORMAT"), "MJPG") == 0; }
static uint32_t fourcc(void) { return is_mjpeg() ? V4L2_PIX_FMT_MJPEG : V4L2_PIX_FMT_YUYV; }

static int size_offered(unsigned i) {
    char name[32];
    snprintf(name, sizeof name, "%ux%u", SIZES[i].w, SIZES[i].h);
    const char *only = setting("FAKECAM_SIZES");
    return !*only || strcmp(only, name) == 0;
}

static int offered(unsigned index, struct size *size) {
    for (unsigned i = 0; i < 2; i++)
        if (size_offered(i) && index-- == 0) {
            *size = SIZES[i];
            return 1;
        }
    return 0;
}

static int gone(void) {
    int after = fault_after("unplug");
    if (after >= 0 && (int)sequence >= after) pulled = 1;
    const char *back = setting("FAKECAM_BACK");
    if (pulled && *back && direct(SYS_access, (long)back, F_OK, 0, 0, 0, 0) == 0) return 0;
    return pulled;
}

__attribute__((constructor)) static void load(void) {
    for (unsigned i = 0; i < 2 && *setting("FAKECAM_JPEG"); i++) {
        char path[512];
        snprintf(path, sizeof path, setting("FAKECAM_JPEG"), SIZES[i].w, SIZES[i].h);
        FILE *file = fopen(path, "rb");
        if (!file) continue;
        jpeg[i] = malloc(4 << 20);
        jpeg_bytes[i] = jpeg[i] ? fread(jpeg[i], 1, 4 << 20, file) : 0;
        fclose(file);
    }
}

static void paint(unsigned char *out) {
    for (unsigned y = 0; y < height; y++)
        for (unsigned x = 0; x < width; x += 2) {
            unsigned char *pair = out + ((size_t)y * width + x) * 2;
            int middle = abs((int)x - (int)width / 2) < 40 && abs((int)y - (int)height / 2) < 40;
            int red = x < width / 2;
            pair[0] = pair[2] = middle ? 235 : red ? 81 : 41; /* BT.601: pure red, pure blue */
            pair[1] = middle ? 128 : red ? 90 : 240;
            pair[3] = middle ? 128 : red ? 240 : 110;
        }
}

static void tick(int on) {
    struct itimerspec beat = {0};
    if (on) beat.it_interval.tv_nsec = beat.it_value.tv_nsec = 1000000000L / (rate ? rate : 30);
    timerfd_settime(camera, 0, &beat, NULL);
}

static int open_camera(void) {
    if (strcmp(setting("FAKECAM_FAULT"), "busy") == 0) return errno = EBUSY, -1;
    if (gone()) return errno = ENODEV, -1;
    if (camera >= 0) return dup(camera);
    camera = timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC | TFD_NONBLOCK);
    return camera;
}

static long dequeue(struct v4l2_buffer *b) {
    uint64_t beats;
    if (!streaming) return errno = EINVAL, -1;
    while (direct(SYS_read, camera, (long)&beats, 8, 0, 0, 0) <= 0) {
        struct pollfd wait = {camera, POLLIN, 0};
        pthread_mutex_unlock(&lock);
        direct(SYS_poll, (long)&wait, 1, -1, 0, 0, 0);
        pthread_mutex_lock(&lock);
    }
    if (gone()) return errno = ENODEV, -1;
    if (head == tail) return errno = EAGAIN, -1;
    unsigned i = queue[head++ % QUEUE], hd = width == 1280;
    unsigned char *out = frames + i * buffer_bytes;
    b->bytesused = (uint32_t)(width * height * 2);
    if (is_mjpeg() && jpeg[hd]) {
        memset(out, 0xff, buffer_bytes); /* what stood there before is no part of the frame */
        memcpy(out, jpeg[hd], jpeg_bytes[hd]);
        b->bytesused = (uint32_t)jpeg_bytes[hd];
    } else {
        paint(out);
    }
    b->index = i;
    b->length = (uint32_t)buffer_bytes;
    b->m.offset = (uint32_t)(i * buffer_bytes);
    b->flags = V4L2_BUF_FLAG_TIMESTAMP_MONOTONIC | V4L2_BUF_FLAG_DONE;
    b->field = V4L2_FIELD_NONE;
    b->sequence = sequence++;
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    b->timestamp.tv_sec = now.tv_sec;
    b->timestamp.tv_usec = now.tv_nsec / 1000;
    int stall = fault_after("stall");
    if (stall >= 0 && (int)sequence >= stall) tick(0);
    return 0;
}

static long request(struct v4l2_requestbuffers *r) {
    if (frames) munmap(frames, buffer_bytes * buffers);
    if (memory >= 0) direct(SYS_close, memory, 0, 0, 0, 0, 0);
    frames = NULL, memory = -1, head = tail = 0;
    buffers = r->count > BUFFERS ? BUFFERS : r->count;
    if (buffers) {
        buffer_bytes = ((size_t)width * height * 2 + 4095) & ~(size_t)4095;
        memory = memfd_create("fakecam", MFD_CLOEXEC);
        if (ftruncate(memory, (off_t)(buffer_bytes * buffers))) return -1;
        long at = direct(SYS_mmap, 0, (long)(buffer_bytes * buffers), PROT_READ | PROT_WRITE, MAP_SHARED, memory, 0);
        frames = (unsigned char *)at;
    }
    r->count = buffers;
    r->capabilities = V4L2_BUF_CAP_SUPPORTS_MMAP;
    return 0;
}

static long control(unsigned long number, void *argument) {
    struct size size;
    if (gone()) return errno = ENODEV, -1;
    switch ((uint32_t)number) {
    case (uint32_t)VIDIOC_QUERYCAP: {
        struct v4l2_capability *c = argument;
        memset(c, 0, sizeof *c);
        strcpy((char *)c->driver, "fakecam");
        strcpy((char *)c->card, "Bedside Fake Camera");
        strcpy((char *)c->bus_info, "platform:fakecam");
        c->device_caps = V4L2_CAP_VIDEO_CAPTURE | V4L2_CAP_STREAMING;
        c->capabilities = c->device_caps | V4L2_CAP_DEVICE_CAPS;
        return 0;
    }
    case (uint32_t)VIDIOC_ENUM_FMT: {
        struct v4l2_fmtdesc *f = argument;
        if (f->type != V4L2_BUF_TYPE_VIDEO_CAPTURE || f->index > 0) return errno = EINVAL, -1;
        f->flags = is_mjpeg() ? V4L2_FMT_FLAG_COMPRESSED : 0;
        f->pixelformat = fourcc();
        strcpy((char *)f->description, is_mjpeg() ? "Motion-JPEG" : "YUYV 4:2:2");
        return 0;
    }
    case (uint32_t)VIDIOC_ENUM_FRAMESIZES: {
        struct v4l2_frmsizeenum *f = argument;
        if (f->pixel_format != fourcc() || !offered(f->index, &size)) return errno = EINVAL, -1;
        f->type = V4L2_FRMSIZE_TYPE_DISCRETE;
        f->discrete.width = size.w;
        f->discrete.height = size.h;
        return 0;
    }
    case (uint32_t)VIDIOC_ENUM_FRAMEINTERVALS: {
        struct v4l2_frmivalenum *f = argument;
        if (f->pixel_format != fourcc() || f->index > 0) return errno = EINVAL, -1;
        f->type = V4L2_FRMIVAL_TYPE_DISCRETE;
        f->discrete.numerator = 1;
        f->discrete.denominator = 30;
        return 0;
    }
    case (uint32_t)VIDIOC_S_FMT:
    case (uint32_t)VIDIOC_TRY_FMT:
    case (uint32_t)VIDIOC_G_FMT: {
        struct v4l2_format *f = argument;
        if (f->type != V4L2_BUF_TYPE_VIDEO_CAPTURE) return errno = EINVAL, -1;
        if ((uint32_t)number == (uint32_t)VIDIOC_S_FMT && offered(0, &size)) {
            struct size other;
            if (offered(1, &other) && f->fmt.pix.width >= 960) size = other;
            width = size.w, height = size.h;
        }
        f->fmt.pix.width = width;
        f->fmt.pix.height = height;
        f->fmt.pix.pixelformat = fourcc();
        f->fmt.pix.field = V4L2_FIELD_NONE;
        f->fmt.pix.bytesperline = is_mjpeg() ? 0 : width * 2;
        f->fmt.pix.sizeimage = width * height * 2;
        f->fmt.pix.colorspace = V4L2_COLORSPACE_SRGB;
        return 0;
    }
    case (uint32_t)VIDIOC_S_PARM:
    case (uint32_t)VIDIOC_G_PARM: {
        struct v4l2_streamparm *p = argument;
        int odd = strcmp(setting("FAKECAM_FAULT"), "badnum") == 0;
        p->parm.capture.capability = V4L2_CAP_TIMEPERFRAME;
        p->parm.capture.timeperframe.numerator = odd ? 1001 : 1;
        p->parm.capture.timeperframe.denominator = odd ? 30000 : rate;
        p->parm.capture.readbuffers = 4;
        return 0;
    }
    case (uint32_t)VIDIOC_REQBUFS: return request(argument);
    case (uint32_t)VIDIOC_QUERYBUF: {
        struct v4l2_buffer *b = argument;
        if (b->index >= buffers) return errno = EINVAL, -1;
        b->length = (uint32_t)buffer_bytes;
        b->m.offset = (uint32_t)(b->index * buffer_bytes);
        b->flags = V4L2_BUF_FLAG_TIMESTAMP_MONOTONIC;
        return 0;
    }
    case (uint32_t)VIDIOC_QBUF: {
        struct v4l2_buffer *b = argument;
        if (b->index >= buffers) return errno = EINVAL, -1;
        queue[tail++ % QUEUE] = b->index;
        return 0;
    }
    case (uint32_t)VIDIOC_STREAMON: return streaming = 1, tick(1), 0;
    case (uint32_t)VIDIOC_STREAMOFF: return streaming = 0, tick(0), head = tail = 0, 0;
    case (uint32_t)VIDIOC_DQBUF: return dequeue(argument);
    default: return errno = ENOTTY, -1;
    }
}

static long guarded(unsigned long number, void *argument) {
    pthread_mutex_lock(&lock);
    errno = 0;
    long result = control(number, argument);
    int saved = errno;
    pthread_mutex_unlock(&lock);
    errno = saved;
    return result;
}

/* A look at the path alone (O_PATH) goes past us: there is no such file. */
static int is_camera(const char *path, int flags) {
    return path && !(flags & O_PATH) && strcmp(path, "/dev/video0") == 0;
}

#define MODE(flags) mode_t mode = 0; if ((flags) & (O_CREAT | O_TMPFILE)) { va_list list; va_start(list, flags); \
    mode = va_arg(list, mode_t); va_end(list); }

int open(const char *path, int flags, ...) {
    MODE(flags)
    return is_camera(path, flags) ? open_camera() : (int)answer(direct(SYS_openat, AT_FDCWD, (long)path, flags, mode, 0, 0));
}
int open64(const char *path, int flags, ...) {
    MODE(flags)
    return is_camera(path, flags) ? open_camera()
                                  : (int)answer(direct(SYS_openat, AT_FDCWD, (long)path, flags | O_LARGEFILE, mode, 0, 0));
}
int openat(int at, const char *path, int flags, ...) {
    MODE(flags)
    return is_camera(path, flags) ? open_camera() : (int)answer(direct(SYS_openat, at, (long)path, flags, mode, 0, 0));
}
int ioctl(int fd, unsigned long number, ...) {
    va_list list;
    va_start(list, number);
    void *argument = va_arg(list, void *);
    va_end(list);
    if (camera >= 0 && _IOC_TYPE(number) == 'V') return (int)guarded(number, argument);
    return (int)answer(direct(SYS_ioctl, fd, (long)number, (long)argument, 0, 0, 0));
}
long syscall(long number, ...) {
    va_list list;
    va_start(list, number);
    long a = va_arg(list, long), b = va_arg(list, long), c = va_arg(list, long);
    long d = va_arg(list, long), e = va_arg(list, long), f = va_arg(list, long);
    va_end(list);
    if (number == SYS_ioctl && camera >= 0 && _IOC_TYPE((unsigned long)b) == 'V')
        return guarded((unsigned long)b, (void *)c);
    return answer(direct(number, a, b, c, d, e, f));
}
void *mmap(void *at, size_t length, int protection, int flags, int fd, off_t offset) {
    if (camera >= 0 && memory >= 0 && flags & MAP_SHARED && !(flags & MAP_ANONYMOUS) && fd >= 0) {
        struct itimerspec probe;
        if (timerfd_gettime(fd, &probe) == 0) fd = memory;
    }
    return (void *)answer(direct(SYS_mmap, (long)at, (long)length, protection, flags, fd, offset));
}
void *mmap64(void *at, size_t length, int protection, int flags, int fd, off_t offset) {
    return mmap(at, length, protection, flags, fd, offset);
}
int close(int fd) {
    if (fd == camera) camera = -1, streaming = 0;
    return (int)answer(direct(SYS_close, fd, 0, 0, 0, 0, 0));
}

/* The list of /dev shows the camera unless it was pulled out. */
static DIR *devices;
static int shown;
DIR *opendir(const char *path) {
    DIR *(*real)(const char *) = dlsym(RTLD_NEXT, "opendir");
    DIR *dir = real(path);
    if (dir && strcmp(path, "/dev") == 0) devices = dir, shown = 0;
    return dir;
}
struct dirent64 *readdir64(DIR *dir) {
    struct dirent64 *(*real)(DIR *) = dlsym(RTLD_NEXT, "readdir64");
    if (dir == devices && !shown && !gone()) {
        static struct dirent64 entry;
        shown = 1;
        entry.d_ino = 99, entry.d_type = DT_CHR, entry.d_reclen = sizeof entry;
        strcpy(entry.d_name, "video0");
        return &entry;
    }
    return real(dir);
}
