-- Sends the requests of a tape (tape.ts) in their order, by one thread; `ran_out` where one had to be sent again.
local tape, at = {}, 0
ran_out = false

local threads = {}
function setup(thread) table.insert(threads, thread) end

function init(args)
  local file = assert(io.open(args[1], "rb"))
  local all = file:read("*a")
  file:close()
  local start = 1
  while true do
    local stop = string.find(all, "\0", start, true)
    if stop == nil then break end
    tape[#tape + 1] = string.sub(all, start, stop - 1)
    start = stop + 1
  end
end

function request()
  at = at + 1
  if at > #tape then
    at = 1
    ran_out = true
  end
  return tape[at]
end

function done(summary, latency)
  local e = summary.errors
  io.write(string.format(
    '\n{"requests":%d,"seconds":%.6f,"failed":%d,"broken":%d,"ranOut":%s}\n',
    summary.requests, summary.duration / 1e6, e.status, e.connect + e.read + e.write + e.timeout,
    tostring(threads[1]:get("ran_out"))))
end
