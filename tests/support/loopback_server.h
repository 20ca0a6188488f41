#pragma once

#include <algorithm>
#include <atomic>
#include <cstdint>
#include <functional>
#include <map>
#include <mutex>
#include <set>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <gtest/gtest.h>

namespace partita {

/// \brief A request as a LoopbackServer has read it.
struct LoopbackRequest {
  std::string method;
  std::string target;                          ///< path and query, as sent
  std::map<std::string, std::string> headers;  ///< names in lower case
  std::string body;
  int connection = 0;  ///< counted from 0
};

/// \brief What a LoopbackServer does about a request: the bytes it sends, and what then becomes
/// of the connection.
struct LoopbackAnswer {
  enum class Then {
    kKeepOpen,
    kClose,    ///< as when a process ends
    kReset,    ///< as when a machine has forgotten the connection
    kSilence,  ///< nothing more is sent, and the connection stays open
  };

  std::string bytes;
  Then then = Then::kKeepOpen;
};

/// \brief The bytes of a whole answer with a Content-Length.
inline std::string HttpBytes(
    int status, const std::string& body = "",
    const std::vector<std::pair<std::string, std::string>>& headers = {}) {
  std::string bytes = "HTTP/1.1 " + std::to_string(status) + " Status\r\n";
  for (const auto& field : headers) {
    bytes += field.first + ": " + field.second + "\r\n";
  }
  return bytes + "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body;
}

/// \brief An HTTP/1.1 server of the test process on a free port of 127.0.0.1, a thread for each
/// connection. It reads requests whole and answers as it is told, right or wrong.
///
/// Thread safety: all members may be called from any thread; the handler is called from the
///                connections' threads.
class LoopbackServer {
 public:
  using Handler = std::function<LoopbackAnswer(const LoopbackRequest&)>;

  explicit LoopbackServer(Handler handler) : handler_(std::move(handler)) { Start(); }

  /// Answers in the order of the script, then 200 without a body.
  explicit LoopbackServer(std::vector<LoopbackAnswer> script = {})
      : LoopbackServer([this, script = std::move(script)](const LoopbackRequest&) {
          const size_t step = next_step_++;
          return step < script.size() ? script[step] : LoopbackAnswer{HttpBytes(200)};
        }) {}

  LoopbackServer(const LoopbackServer&) = delete;
  LoopbackServer& operator=(const LoopbackServer&) = delete;

  ~LoopbackServer() {
    shutdown(listener_, SHUT_RDWR);
    acceptor_.join();
    {
      const std::lock_guard lock(mutex_);
      for (const int connection : open_) {
        shutdown(connection, SHUT_RDWR);
      }
    }
    for (std::thread& thread : threads_) {
      thread.join();
    }
    close(listener_);
  }

  int port() const { return port_; }

  std::string url() const { return "http://127.0.0.1:" + std::to_string(port_); }

  /// In the order in which they were read.
  std::vector<LoopbackRequest> requests() const {
    const std::lock_guard lock(mutex_);
    return requests_;
  }

  int num_connections() const {
    const std::lock_guard lock(mutex_);
    return num_connections_;
  }

 private:
  void Start() {
    listener_ = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof(address);
    auto* any = reinterpret_cast<sockaddr*>(&address);
    EXPECT_EQ(bind(listener_, any, size), 0);
    EXPECT_EQ(listen(listener_, 64), 0);
    EXPECT_EQ(getsockname(listener_, any, &size), 0);
    port_ = ntohs(address.sin_port);
    acceptor_ = std::thread([this] { Accept(); });
  }

  void Accept() {
    while (true) {
      const int connection = accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
      if (connection < 0) {
        return;
      }
      const std::lock_guard lock(mutex_);
      open_.insert(connection);
      const int number = num_connections_++;
      threads_.emplace_back([this, connection, number] { Serve(connection, number); });
    }
  }

  void Serve(int connection, int number) {
    std::string received;
    LoopbackRequest request;
    while (ReadRequest(connection, &received, &request)) {
      request.connection = number;
      {
        const std::lock_guard lock(mutex_);
        requests_.push_back(request);
      }
      const LoopbackAnswer answer = handler_(request);
      if (!SendAll(connection, answer.bytes)) {
        break;
      }
      if (answer.then == LoopbackAnswer::Then::kSilence) {
        char ignored = 0;
        while (recv(connection, &ignored, 1, 0) > 0) {
        }
      }
      if (answer.then == LoopbackAnswer::Then::kReset) {
        const linger at_once{1, 0};
        setsockopt(connection, SOL_SOCKET, SO_LINGER, &at_once, sizeof(at_once));
      }
      if (answer.then != LoopbackAnswer::Then::kKeepOpen) {
        break;
      }
    }
    const std::lock_guard lock(mutex_);
    open_.erase(connection);
    close(connection);
  }

  static bool SendAll(int connection, std::string_view bytes) {
    while (!bytes.empty()) {
      const ssize_t sent = send(connection, bytes.data(), bytes.size(), MSG_NOSIGNAL);
      if (sent <= 0) {
        return false;
      }
      bytes.remove_prefix(static_cast<size_t>(sent));
    }
    return true;
  }

  static bool ReadMore(int connection, std::string* received) {
    std::string piece(size_t{64} << 10, '\0');
    const ssize_t size = recv(connection, piece.data(), piece.size(), 0);
    if (size <= 0) {
      return false;
    }
    received->append(piece, 0, static_cast<size_t>(size));
    return true;
  }

  // Takes one request off `received`, reading on as far as needed; false when there is none.
  static bool ReadRequest(int connection, std::string* received,
                          LoopbackRequest* request) {
    size_t head_end = 0;
    while ((head_end = received->find("\r\n\r\n")) == std::string::npos) {
      if (!ReadMore(connection, received)) {
        return false;
      }
    }
    *request = ParseHead(received->substr(0, head_end + 2));
    received->erase(0, head_end + 4);
    if (request->headers.count("expect") > 0) {
      SendAll(connection, "HTTP/1.1 100 Continue\r\n\r\n");
    }
    const auto length = request->headers.find("content-length");
    const size_t size = length == request->headers.end() ? 0 : std::stoul(length->second);
    while (received->size() < size) {
      if (!ReadMore(connection, received)) {
        return false;
      }
    }
    request->body = received->substr(0, size);
    received->erase(0, size);
    return true;
  }

  static LoopbackRequest ParseHead(const std::string& head) {
    LoopbackRequest request;
    size_t begin = head.find("\r\n") + 2;
    const size_t method_end = head.find(' ');
    request.method = head.substr(0, method_end);
    request.target =
        head.substr(method_end + 1, head.find(' ', method_end + 1) - method_end - 1);
    while (begin < head.size()) {
      const size_t end = head.find("\r\n", begin);
      const std::string line = head.substr(begin, end - begin);
      begin = end + 2;
      const size_t colon = line.find(':');
      std::string name = line.substr(0, colon);
      std::transform(name.begin(), name.end(), name.begin(), [](char c) {
        return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
      });
      const size_t value = line.find_first_not_of(' ', colon + 1);
      request.headers[name] = value == std::string::npos ? "" : line.substr(value);
    }
    return request;
  }

  const Handler handler_;
  std::atomic<size_t> next_step_{0};
  int listener_ = -1;
  int port_ = 0;
  mutable std::mutex mutex_;
  std::vector<LoopbackRequest> requests_;
  std::set<int> open_;
  int num_connections_ = 0;
  std::vector<std::thread> threads_;
  std::thread acceptor_;
};

}  // namespace partita
