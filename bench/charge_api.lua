-- Posts the situations of a file, one by line, each thread from a place of its own.
-- Run by bench/charge_api.py: wrk … -s bench/charge_api.lua URL -- FILE

local fils = 0

function setup(fil)
  fil:set("decalage", fils)
  fils = fils + 1
end

function init(arguments)
  corps = {}
  for ligne in io.lines(arguments[1]) do
    corps[#corps + 1] = wrk.format("POST", nil, { ["Content-Type"] = "application/json" }, ligne)
  end
  rang = decalage * 97
end

function request()
  rang = rang + 1
  return corps[rang % #corps + 1]
end

function done(bilan, latence)
  local erreurs = bilan.errors
  io.write(string.format(
    '{"demandes": %d, "secondes": %.6f, "octets": %d, "refus": %d, "coupures": %d, "p50": %.3f, "p99": %.3f}\n',
    bilan.requests, bilan.duration / 1e6, bilan.bytes, erreurs.status,
    erreurs.connect + erreurs.read + erreurs.write + erreurs.timeout,
    latence:percentile(50) / 1e3, latence:percentile(99) / 1e3))
end
